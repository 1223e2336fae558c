import type { ByteString } from '../../bytes/byte-string.ts';
import type { Config } from '../config/config.ts';
import type { AccessControl } from './access-control.ts';

/** Has the configuration speak of these users. */
export function bindAccess(config: Config, control: AccessControl): void {
  config.bind<ByteString>('requirepass', {
    get: () => control.requirepass,
    set: (password) => {
      control.requirepass = password;
    },
  });
  config.bind<string>('acl-pubsub-default', {
    get: () => (control.allowsChannelsByDefault ? 'allchannels' : 'resetchannels'),
    set: (choice) => {
      control.allowsChannelsByDefault = choice === 'allchannels';
    },
  });
  config.bind<number | bigint>('acllog-max-len', {
    get: () => control.log.maxLength,
    set: (length) => {
      control.log.maxLength = Number(length);
    },
  });
}

/** How often something was denied, by the names under which INFO tells it. */
export function denialGauges({ denials }: AccessControl): Iterable<readonly [string, () => number]> {
  return [
    ['acl_access_denied_auth', () => denials.auth],
    ['acl_access_denied_cmd', () => denials.command],
    ['acl_access_denied_key', () => denials.key],
    ['acl_access_denied_channel', () => denials.channel],
  ];
}
