/**
 * A store behind a port, for looking inside with redis-cli or any other tool that speaks to Redis.
 *
 *     npm run serve                     on port 6379
 *     npm run serve -- --port 7000
 *     npm run serve -- --port 0         on a free port, which it prints
 *
 * For debugging: it listens on the loopback interface only, and everything is gone when it ends.
 */
import { type AddressInfo, createServer } from 'node:net';
import { parseArgs } from 'node:util';
import { type ServedConnection, Store, serve } from '../src/index.ts';

const { values: options } = parseArgs({ options: { port: { type: 'string', default: '6379' } } });
const port = Number(options.port);
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  console.error(`--port ${options.port} is no port: it is a number from 0 to 65535`);
  process.exit(1);
}

const store = new Store();
const connections = new Set<ServedConnection>();

const server = createServer((socket) => {
  const connection = serve(store, socket);
  connections.add(connection);
  void connection.closed.then(() => connections.delete(connection));
});

server.on('error', (error) => {
  console.error(`cannot listen on port ${port}: ${error.message}`);
  process.exitCode = 1;
});
server.listen(port, '127.0.0.1', () => {
  console.log(`Ready to accept connections on 127.0.0.1:${(server.address() as AddressInfo).port}`);
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    server.close();
    for (const connection of connections) connection.close();
  });
}
