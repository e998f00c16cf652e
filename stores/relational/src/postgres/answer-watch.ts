// Ends connections on which an answer has been owed for too long: then it is not the statement, but the engine or the way to it.
import type { PoolClient } from 'pg'

export type AnswerWatch = {
  begin(client: PoolClient): void
  end(client: PoolClient): void
  close(): void
}

const LOOK_EVERY_MS = 1_000

/** One timer for all, since a timer for each statement would cost a fifth of the statement. */
export function createAnswerWatch(limitMs: number): AnswerWatch {
  const owedSince = new Map<PoolClient, number>()
  const look = (): void => {
    const now = performance.now()
    for (const [client, since] of owedSince) if (now - since > limitMs) void client.end()
  }
  const timer = setInterval(look, LOOK_EVERY_MS).unref()
  return {
    begin: (client) => void owedSince.set(client, performance.now()),
    end: (client) => void owedSince.delete(client),
    close: () => clearInterval(timer),
  }
}
