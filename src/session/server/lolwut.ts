const ROWS = 16;

/** A triangle of triangles: a dot where the binary digits of row and column share no 1. */
export function art(): string {
  const rows = Array.from({ length: ROWS }, (_, row) => {
    const dots = Array.from({ length: ROWS - row }, (_, column) => ((row & column) === 0 ? '▲' : ' '));
    return `${' '.repeat(row)}${dots.join(' ')}`.trimEnd();
  });
  return `${rows.reverse().join('\n')}\n`;
}
