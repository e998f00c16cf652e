// Where engines live on this machine: the cache of software, and the set that is meant when none is named.
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

type Environment = Record<string, string | undefined>

/** `$ENGINES_DIR`, else a folder of the user. That of root is not at home: the user that runs PostgreSQL must be able to enter. */
export function findCache(environment: Environment = process.env, isRoot: boolean = process.getuid?.() === 0): string {
  const chosen = environment['ENGINES_DIR']
  if (chosen !== undefined && chosen !== '') return resolve(chosen)
  if (isRoot) return '/var/cache/rondo-engines'
  return join(environment['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'rondo-engines')
}

/** `$ENGINES_SET`, else the set "default" of the cache. */
export function findSet(environment: Environment = process.env): string {
  const chosen = environment['ENGINES_SET']
  return chosen !== undefined && chosen !== '' ? resolve(chosen) : join(findCache(environment), 'sets', 'default')
}
