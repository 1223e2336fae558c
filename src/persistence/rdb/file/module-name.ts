/** The name of a module's type: nine characters of six bits each, the highest first. The ten bits below are its version. */
export function moduleName(id: bigint): string {
  let name = '';
  for (let shift = 58n; shift >= 10n; shift -= 6n) name += CHARACTERS[Number((id >> shift) & 0x3fn)];
  return name;
}

const CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
