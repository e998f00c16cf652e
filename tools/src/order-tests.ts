// The order of test files: from the foundation upwards, so that the first failure is the deepest one, and slow ones last.

const floors = ['kit/', 'stores/', 'sdks/', 'services/', 'tools/', 'examples/', 'apps/', 'bench/']

/** Files named `*.slow.test.ts` run at the end whatever their room. */
export function orderTests(paths: string[]): string[] {
  return paths.toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
}

function rank(path: string): number {
  const floor = floors.findIndex((prefix) => path.startsWith(prefix))
  return (path.includes('.slow.test.') ? floors.length + 1 : 0) + (floor === -1 ? floors.length : floor)
}
