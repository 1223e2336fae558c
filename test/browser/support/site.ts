import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename } from 'node:path';
import { build } from 'esbuild';

export interface Site {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * A site on loopback. Each script is bundled as a browser gets it, and served as `/name.js`; any other path is an empty page,
 * `/strict` one with a Content-Security-Policy that allows the site's own scripts only.
 */
export async function serveSite(...scripts: readonly string[]): Promise<Site> {
  const { outputFiles } = await build({
    entryPoints: [...scripts],
    bundle: true,
    write: false,
    outdir: '/',
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
  });
  const files = new Map(outputFiles.map(({ path, contents }) => [`/${basename(path)}`, contents]));
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    const script = files.get(path);
    response.setHeader('content-type', script === undefined ? 'text/html; charset=utf-8' : 'text/javascript');
    if (path === '/strict') response.setHeader('content-security-policy', "default-src 'self'");
    response.end(script ?? '<!doctype html><title>lodis</title>');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
