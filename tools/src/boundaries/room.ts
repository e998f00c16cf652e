// Which room of the house a file belongs to, from its path alone.

export type Part =
  | 'contract' // services/x/src/contract.ts and contract/*: the door
  | 'domain' // services/x/src/domain, and the table of errors: pure
  | 'web' // pages for the browser
  | 'server' // sdks/x/src/node.ts and node/*: what servers load and pages do not
  | 'test' // tests, benches and fixtures of a package, and what packs an SDK
  | 'source'

export type Room = {
  floor: 'kit' | 'stores' | 'services' | 'sdks' | 'apps' | 'examples' | 'bench' | 'tools'
  /** Folder of the package, e.g. "services/events"; "tools" for the one without a middle name. */
  folder: string
  part: Part
}

const floors = ['kit', 'stores', 'services', 'sdks', 'apps', 'examples'] as const

/** Undefined for files outside the rooms (root configuration, docs). */
export function findRoom(path: string): Room | undefined {
  const [first, second, ...rest] = path.split('/')
  if (first === 'bench' || first === 'tools') return { floor: first, folder: first, part: isTest(path) ? 'test' : 'source' }
  const floor = floors.find((name) => name === first)
  if (floor === undefined || second === undefined || rest.length === 0) return undefined
  const inside = rest.join('/')
  return { floor, folder: `${floor}/${second}`, part: findPart(floor, inside) }
}

function findPart(floor: Room['floor'], inside: string): Part {
  if (isTest(inside) || (floor === 'sdks' && inside.startsWith('packaging/'))) return 'test'
  if (inside.startsWith('web/')) return 'web'
  if (floor === 'sdks' && /^src\/node(\/|\.ts$)/.test(inside)) return 'server'
  if (floor === 'services') {
    if (inside === 'src/contract.ts' || inside.startsWith('src/contract/')) return 'contract'
    if (inside.startsWith('src/domain/') || inside === 'src/errors.ts') return 'domain'
  }
  return 'source'
}

function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path) || /(^|\/)(test|bench|fixtures)\//.test(path) || /(^|\/)(conformance|testing)(\/|\.ts$)/.test(path)
}
