// A server command lives until somebody asks it to stop.

export type StopRequest = Disposable & {
  /** Resolves at the first SIGINT or SIGTERM, also one that comes while the rooms are still being lit. */
  readonly asked: Promise<void>
}

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
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return {
    asked: promise,
    [Symbol.dispose]() {
      clearInterval(keepAlive)
      process.off('SIGINT', onSignal)
      process.off('SIGTERM', onSignal)
    },
  }
}
