// The table of who may import whom, as in the plan of the house. Each rule answers with a sentence, or undefined where all is well.
import type { Import } from './read-source.ts'
import type { Room } from './room.ts'

/** Where an import leads: a file of the house (with the subpath a package was entered by), a built-in of Node, or a library. */
export type Target =
  | { kind: 'own'; room: Room }
  | { kind: 'package'; room: Room; name: string; subpath: string }
  | { kind: 'node'; name: string }
  | { kind: 'library'; name: string }

type Check = (from: Room, target: Target, imported: Import) => string | undefined

/** Kit packages without I/O: the domain and the browser may use them. */
const pureKit = new Set(['kit/context', 'kit/contract', 'kit/errors', 'kit/hash', 'kit/ids', 'kit/numerics', 'kit/random', 'kit/time'])
/** Libraries without I/O that a domain may use. */
const pureLibraries = new Set(['typebox', 'yaml'])
/** Rooms that put the house together, and may therefore name drivers. */
const hosts = new Set(['apps/platform'])

export const rules: { name: string; check: Check }[] = [
  {
    name: 'stays-home',
    check: (from, target) =>
      target.kind === 'own' && target.room.folder !== from.folder ? `A relative import leaves ${from.folder} for ${target.room.folder}. Import the package by its name.` : undefined,
  },
  {
    name: 'kit-is-lowest',
    check: (from, target) =>
      from.floor === 'kit' && from.part !== 'test' && target.kind === 'package' && target.room.floor !== 'kit' ? `The kit must not know ${target.name}. Move what is needed down into the kit, or pass it in.` : undefined,
  },
  {
    name: 'stores-know-no-rooms',
    check: (from, target) =>
      from.floor === 'stores' && target.kind === 'package' && target.room.floor !== 'kit' && target.room.folder !== from.folder && !(from.part === 'test' && target.room.folder === 'tools')
        ? `A store must not know ${target.name}. Stores know the kit and their one client library.`
        : undefined,
  },
  {
    name: 'contract-is-data',
    check: (from, target) => {
      if (from.part !== 'contract') return undefined
      const fine =
        (target.kind === 'own' && target.room.part === 'contract') ||
        (target.kind === 'package' && target.room.folder === 'kit/contract') ||
        (target.kind === 'library' && target.name === 'typebox')
      return fine ? undefined : `A contract is plain data that the browser loads: it imports @rondo/contract and typebox, not ${describe(target)}.`
    },
  },
  {
    name: 'domain-is-pure',
    check: (from, target) => {
      if (from.part !== 'domain') return undefined
      if (target.kind === 'own') {
        const fine = target.room.part === 'domain' || target.room.part === 'contract'
        return fine ? undefined : `The domain imports itself and its contract only; pass the rest in.`
      }
      const fine = (target.kind === 'package' && pureKit.has(target.room.folder)) || (target.kind === 'library' && pureLibraries.has(target.name))
      return fine ? undefined : `The domain is pure: it must not import ${describe(target)}. Pass in what it needs.`
    },
  },
  {
    name: 'doors-only',
    check: (from, target) => {
      if (target.kind !== 'package' || target.room.floor !== 'services' || target.room.folder === from.folder) return undefined
      if (hosts.has(from.folder) || from.floor === 'bench') return undefined
      if (target.subpath === './contract') return undefined
      // A room's test may light the rooms beside it, as the hall does; their insides stay closed.
      if (from.part === 'test' && target.subpath === '.') return undefined
      if (from.folder === 'apps/portal' && target.subpath === './web') return undefined
      if (from.floor === 'tools' && target.subpath === './lint') return undefined
      return `Another room is entered by its door: import "${target.name}/contract", not "${target.name}${target.subpath.slice(1)}".`
    },
  },
  {
    name: 'drivers-in-the-hall',
    check: (from, target, imported) => {
      if (target.kind !== 'package' || target.room.floor !== 'stores' || target.room.folder === from.folder) return undefined
      if (hosts.has(from.folder) || from.floor === 'bench' || from.part === 'test') return undefined
      if (target.subpath === './conformance') return `Only tests import "${target.name}/conformance".`
      const opener = imported.typeOnly ? undefined : imported.names.find((name) => /^(open|create)[A-Z]/.test(name))
      return opener === undefined ? undefined : `Only apps/platform opens stores: "${opener}" of ${target.name} must be passed in as a port.`
    },
  },
  {
    name: 'services-know-ports',
    check: (from, target) =>
      from.floor === 'services' && target.kind === 'package' && !['kit', 'stores', 'services'].includes(target.room.floor) && from.part !== 'test'
        ? `A service knows the kit, the ports of stores and other doors, not ${target.name}.`
        : undefined,
  },
  {
    name: 'web-is-for-the-browser',
    check: (from, target) => {
      if (from.part !== 'web') return undefined
      if (target.kind === 'node') return `A page runs in the browser: it has no "${target.name}".`
      if (target.kind === 'own') return target.room.part === 'web' || target.room.part === 'contract' ? undefined : 'A page imports its contract, never the inside of its service.'
      if (target.kind === 'package') {
        const fine = target.room.folder === 'kit/ui' || pureKit.has(target.room.folder) || target.subpath === './contract' || (from.folder === 'apps/portal' && target.subpath === './web')
        return fine ? undefined : `A page imports @rondo/ui and contracts, not ${target.name}.`
      }
      return undefined
    },
  },
  {
    name: 'sdks-stand-alone',
    check: (from, target, imported) => {
      if (from.floor !== 'sdks' || from.part === 'test') return undefined
      if (target.kind === 'own') return target.room.part === 'server' && from.part !== 'server' ? 'Only servers load src/node: a page would load it too.' : undefined
      if (target.kind === 'node') return from.part === 'server' ? undefined : `An SDK runs everywhere: it must not import "${target.name}" outside src/node.`
      return imported.typeOnly ? undefined : `An SDK imports nothing at run time: ${describe(target)} only by "import type".`
    },
  },
  {
    name: 'apps-by-the-front-door',
    check: (from, target) => {
      if (from.folder !== 'apps/listeners' || from.part === 'test' || target.kind !== 'package') return undefined
      return ['kit', 'sdks', 'apps'].includes(target.room.floor) ? undefined : `Listeners act only through the public SDK and HTTP, not ${target.name}.`
    },
  },
  {
    name: 'workspaces-import-rondo',
    check: (from, target) =>
      from.floor === 'examples' && from.part !== 'test' && target.kind !== 'own' && !(target.kind === 'package' && target.name === 'rondo')
        ? `A workspace imports "rondo" only, not ${describe(target)}.`
        : undefined,
  },
]

function describe(target: Target): string {
  if (target.kind === 'own') return `${target.room.folder} (${target.room.part})`
  return `"${target.name}"`
}
