import type { ByteString } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import type { ReplySink } from '../../wire/resp/reply-sink.ts';

/** What DEBUG PROTOCOL answers, by type: for tests of clients. */
const EXAMPLES: Readonly<Record<string, (sink: ReplySink) => void>> = {
  string: (sink) => sink.bulk('Hello World'),
  integer: (sink) => sink.integer(12345),
  // biome-ignore lint/suspicious/noApproximativeNumericConstant: it is Redis's own example.
  double: (sink) => sink.double(3.141),
  null: (sink) => sink.nil(),
  array: (sink) => {
    sink.array(3);
    for (let at = 0; at < 3; at++) sink.integer(at);
  },
  set: (sink) => {
    sink.set(3);
    for (let at = 0; at < 3; at++) sink.integer(at);
  },
  map: (sink) => {
    sink.map(3);
    for (let at = 0; at < 3; at++) {
      sink.integer(at);
      sink.boolean(at === 1);
    }
  },
  // What is said about a reply may be left out.
  attrib: (sink) => sink.bulk('Some real reply following the attribute'),
  push: (sink) => {
    if (sink.protocol === 2) throw errors.needsResp3();
    sink.push(2);
    sink.bulk('server-cpu-usage');
    sink.integer(42);
    sink.bulk('Some real reply following the push reply');
  },
  true: (sink) => sink.boolean(true),
  false: (sink) => sink.boolean(false),
  verbatim: (sink) => sink.verbatim('txt', 'This is a verbatim\nstring'),
  bignum: (sink) => sink.bigNumber('1234567999999999999999999999999999999'),
};

/**
 * Writes the example of a type.
 *
 * @throws ReplyError if there is no such type
 */
export function writeExample(type: ByteString, sink: ReplySink): void {
  const name = type.toLowerCase();
  if (!Object.hasOwn(EXAMPLES, name)) throw errors.unknownProtocolType();
  EXAMPLES[name]!(sink);
}
