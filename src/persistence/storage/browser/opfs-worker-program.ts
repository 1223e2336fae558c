/**
 * What a page's worker runs. Only workers can append to a file of the origin private file system: pages can but write a
 * copy of it. It is a text, and small, because a library cannot know what a bundler makes of a file of its own.
 *
 * It is asked `{ id, name, args }` and answers `{ id, value }` or `{ id, error: { name, message } }`. Files have numbers.
 */
export const OPFS_WORKER_PROGRAM = `'use strict';
const files = new Map();
let lastFile = 0;
const operations = {
  async open(path) {
    let folder = await navigator.storage.getDirectory();
    for (const name of path.slice(0, -1)) folder = await folder.getDirectoryHandle(name, { create: true });
    const entry = await folder.getFileHandle(path[path.length - 1], { create: true });
    const handle = await entry.createSyncAccessHandle();
    files.set(++lastFile, handle);
    return { file: lastFile, sizeBytes: handle.getSize() };
  },
  write(file, bytes, at) {
    return files.get(file).write(bytes, { at });
  },
  flush(file) {
    files.get(file).flush();
  },
  truncate(file, sizeBytes) {
    files.get(file).truncate(sizeBytes);
  },
  close(file) {
    files.get(file).close();
    files.delete(file);
  },
};
onmessage = async ({ data: { id, name, args } }) => {
  try {
    postMessage({ id, value: await operations[name](...args) });
  } catch (error) {
    postMessage({ id, error: { name: error.name, message: error.message } });
  }
};
postMessage({ id: 0 });
`;
