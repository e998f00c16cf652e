// A server command lives until somebody asks it to stop.

export type StopRequest = Disposable & {
  /** Resolves at the first SIGINT, SIGTERM or SIGHUP, or when the parent that holds our channel is gone; also while the rooms are still being lit. */
  readonly asked: Promise<void>
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** One Ctrl-C may reach a process twice: from the terminal, and from a parent that passes it on. */
const SAME_REQUEST_MS = 500

/** Keeps the process alive until disposed. A second Ctrl-C ends it at once. */
export function listenForStop(): StopRequest {
  const { promise, resolve } = Promise.withResolvers<void>()
  const keepAlive = setInterval(() => {}, 2 ** 30)
  let askedAt: number | undefined
  const onSignal = (): void => {
    if (askedAt !== undefined && performance.now() - askedAt > SAME_REQUEST_MS) process.exit(130)
    askedAt ??= performance.now()
    resolve()
  }
  for (const signal of SIGNALS) process.on(signal, onSignal)
  process.on('disconnect', resolve)
  return {
    asked: promise,
    [Symbol.dispose]() {
      clearInterval(keepAlive)
      for (const signal of SIGNALS) process.off(signal, onSignal)
      process.off('disconnect', resolve)
    },
  }
}
