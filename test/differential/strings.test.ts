import { stringCommands } from '../../src/structures/strings/string-commands.ts';
import { behaviours } from './support/behaviours.ts';
import { generated } from './support/generated.ts';

behaviours('strings', {
  'GET of what is not there, of a string, and of something else': ['GET k', 'SET k v', 'GET k', 'RPUSH l a', 'GET l'],
  'SET NX and XX': ['SET k a XX', 'SET k a NX', 'SET k b NX', 'SET k c XX', 'GET k', 'SET k v NX XX'],
  'SET with every way to expire': [
    'SET k v EX 100',
    'TTL k',
    'SET k v PX 100000',
    'PTTL k',
    'SET k v EXAT 4102444800',
    'PEXPIRETIME k',
    'SET k v PXAT 4102444800000',
    'EXPIRETIME k',
    'SET k w KEEPTTL',
    'TTL k',
    'SET k w',
    'TTL k',
  ],
});

generated('strings', stringCommands);
