// A server command lives until somebody asks it to stop.

/** Resolves at SIGINT or SIGTERM; rejects when `failed` does. A second Ctrl-C ends the process at once. */
export async function waitForSignal(failed?: Promise<never>): Promise<void> {
  let stop = (): void => {}
  const asked = new Promise<void>((resolve) => {
    stop = resolve
  })
  const keepAlive = setInterval(() => {}, 2 ** 30)
  const onSignal = (): void => {
    process.once('SIGINT', () => process.exit(130))
    stop()
  }
  process.once('SIGINT', onSignal)
  process.once('SIGTERM', onSignal)
  try {
    await (failed === undefined ? asked : Promise.race([asked, failed]))
  } finally {
    clearInterval(keepAlive)
  }
}
