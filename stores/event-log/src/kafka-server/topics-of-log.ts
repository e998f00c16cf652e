// All topics of a log under their own names, records as they are: the face of a log that nobody keeps rules for.
import type { EventLog, LogRecord } from '../port.ts'
import { CODE, FaceError } from './error-code.ts'
import type { FaceTopic, FaceTopics, ProducedRecord } from './port.ts'

/** Records go to the partition of their key, as the log has it, whatever partition the client chose; all at the instant of `now`. */
export function createTopicsOfLog(log: EventLog, now: () => number): FaceTopics {
  const list: FaceTopics['list'] = async (ctx) => (await log.listTopics(ctx)).map(({ topic, config }): FaceTopic => ({ name: topic, logTopic: topic, partitions: config.partitions }))
  return {
    list,
    find: async (name, ctx) => (await list(ctx)).find((topic) => topic.name === name),
    async store(topic, records, _writer, ctx) {
      const appended = await log.append([{ topic: topic.logTopic, records: records.map(toLogRecord) }], now(), ctx)
      return { baseOffset: appended.length === 1 ? (appended[0]?.firstOffset ?? -1) : -1 }
    },
    present: async (_topic, records) => records,
  }
}

function toLogRecord({ key, value, headers }: ProducedRecord): LogRecord {
  if (value === undefined) throw new FaceError(CODE.invalidRecord, 'a record without a value is not taken')
  return { key: key?.toString('utf8') ?? '', value, ...(headers.length === 0 ? {} : { headers: Object.fromEntries(headers.map(([name, text]) => [name, text.toString('utf8')])) }) }
}
