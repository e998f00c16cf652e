// Which methods a path is served with, for those who come with another one.

export type KnownPaths = {
  add(method: string, path: string): void
  /** Methods of every route that this path is one of; empty where none is. */
  listMethods(path: string): string[]
}

/** A route that takes every path (`/{path...}`) knows none. */
export function createKnownPaths(): KnownPaths {
  const routes = new Map<string, { shape: RegExp; methods: Set<string> }>()
  return {
    add(method, path) {
      if (isForEveryPath(path)) return
      const route = routes.get(path) ?? { shape: toShape(path), methods: new Set() }
      routes.set(path, route)
      route.methods.add(method)
    },
    listMethods(path) {
      const methods = new Set<string>()
      for (const { shape, methods: some } of routes.values()) if (shape.test(path)) for (const method of some) methods.add(method)
      return [...methods].sort()
    },
  }
}

export function isForEveryPath(path: string): boolean {
  return /^\/\{\w+\.\.\.\}$/.test(path)
}

function toShape(path: string): RegExp {
  const segments = path.split('/').map((segment) => (/^\{\w+\.\.\.\}$/.test(segment) ? '.*' : segment.startsWith('{') ? '[^/]+' : segment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
  return new RegExp(`^${segments.join('/')}$`)
}
