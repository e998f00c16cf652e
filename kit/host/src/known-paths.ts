// Which methods a path is served with, for those who come with another one.

export type KnownPaths = {
  add(method: string, path: string): void
  /** Methods of every route that this path is one of; empty where none is. */
  listMethods(path: string): string[]
}

/** A route that takes every path (`/{path...}`) knows none. */
export function createKnownPaths(): KnownPaths {
  const methodsOf = new Map<string, Set<string>>()
  return {
    add(method, path) {
      if (!isForEveryPath(path)) methodsOf.set(path, (methodsOf.get(path) ?? new Set()).add(method))
    },
    listMethods(path) {
      const given = path.split('/')
      return [...new Set([...methodsOf].flatMap(([route, methods]) => (isOf(route.split('/'), given) ? [...methods] : [])))].sort()
    },
  }
}

export function isForEveryPath(path: string): boolean {
  return /^\/\{\w+\.\.\.\}$/.test(path)
}

/** Segment by segment; `{name}` takes any that is not empty, `{name...}` all that follow. */
function isOf(route: string[], given: string[]): boolean {
  const takesRest = /^\{\w+\.\.\.\}$/.test(route.at(-1) ?? '')
  if (takesRest ? given.length < route.length : given.length !== route.length) return false
  return (takesRest ? route.slice(0, -1) : route).every((segment, i) => (segment.startsWith('{') ? given[i] !== '' : segment === given[i]))
}
