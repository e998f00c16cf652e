// A key-value store that breaks at a chosen write: before it, half way through its partitions, or after it.
import { AppError } from '@rondo/errors'
import type { Entry, KeyValue } from '@rondo/key-value'

export type Break = { atWrite: number; when: 'before' | 'half' | 'after'; /** The process is gone: nothing works any more. Else only that one write fails. */ isDeath: boolean }

export type FailingKeyValue = KeyValue & { readonly writes: number; readonly hasBroken: boolean }

export function createFailingKeyValue(inner: KeyValue, plan: Break): FailingKeyValue {
  let writes = 0
  let hasBroken = false
  const fail = (): never => {
    throw new AppError({ code: 'BROKEN', kind: 'unavailable', message: 'The store broke, as planned.' })
  }
  const checkAlive = (): void => {
    if (hasBroken && plan.isDeath) fail()
  }
  const write = async (all: () => Promise<void>, half: () => Promise<void>): Promise<void> => {
    checkAlive()
    writes += 1
    if (writes !== plan.atWrite) return all()
    hasBroken = true
    if (plan.when === 'half') await half()
    if (plan.when === 'after') await all()
    fail()
  }
  return {
    ...inner,
    get writes() {
      return writes
    },
    get hasBroken() {
      return hasBroken
    },
    get: async (key, ctx) => (checkAlive(), inner.get(key, ctx)),
    getMany: async (keys, ctx) => (checkAlive(), inner.getMany(keys, ctx)),
    scan: async (range, ctx) => (checkAlive(), inner.scan(range, ctx)),
    putMany: (entries, options, ctx) =>
      write(
        () => inner.putMany(entries, options, ctx),
        () => inner.putMany(firstPartitions(entries), options, ctx),
      ),
    deleteMany: (keys, ctx) =>
      write(
        () => inner.deleteMany(keys, ctx),
        async () => undefined,
      ),
  }
}

/** The port promises no more than that entries of one partition become visible together. */
function firstPartitions(entries: Entry[]): Entry[] {
  const partitions = [...new Set(entries.map(({ partition }) => partition))]
  const first = new Set(partitions.slice(0, Math.floor(partitions.length / 2)))
  return entries.filter(({ partition }) => first.has(partition))
}
