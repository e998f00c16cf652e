// Kafka's own tool that appends: as many records as it can, from a client that does nothing else.
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findSoftware } from '@rondo/tools/engines'

export type ProducerPerformance = { recordsPerSecond: number; p99Ms: number; recordsPerCpuSecond: number }

/** Of a clock that counts processor time; 100 on every Linux there is. */
const TICKS_A_SECOND = 100
/** The first run has as much of the whole: its start, and most of what it compiles, is then not counted as CPU. */
const WARM_UP_SHARE = 0.25

/** Two runs, and the cost of what the second does more. Throws when there is no Java. */
export async function runProducerPerformance(brokers: string, topic: string, records: number, recordBytes: number, batchRecords = 100): Promise<ProducerPerformance> {
  const software = await findSoftware('kafka')
  const run = async (count: number): Promise<{ output: string; cpuSeconds: number }> => {
    const before = readCpuSecondsOfChildren()
    const settings = ['acks=all', 'enable.idempotence=true', `batch.size=${batchRecords * recordBytes}`]
    const options = ['--topic', topic, '--num-records', String(count), '--record-size', String(recordBytes), '--throughput', '-1', '--bootstrap-server', brokers, '--command-property', ...settings]
    const { stdout } = await promisify(execFile)('java', ['-XX:+UseSerialGC', '-cp', join(software, 'libs/*'), 'org.apache.kafka.tools.ProducerPerformance', ...options])
    return { output: stdout, cpuSeconds: readCpuSecondsOfChildren() - before }
  }
  const few = Math.round(records * WARM_UP_SHARE)
  const warmUp = await run(few)
  const whole = await run(records)
  const [, recordsPerSecond, p99Ms] = /^\d+ records sent, ([\d.]+) records\/sec .* (\d+) ms 99th/m.exec(whole.output.trim().split('\n').at(-1) ?? '') ?? []
  if (recordsPerSecond === undefined) throw new Error(`Kafka's tool said: ${whole.output}`)
  return { recordsPerSecond: Number(recordsPerSecond), p99Ms: Number(p99Ms), recordsPerCpuSecond: (records - few) / (whole.cpuSeconds - warmUp.cpuSeconds) }
}

/** Of those that have ended: proc(5), cutime and cstime. */
function readCpuSecondsOfChildren(): number {
  const stat = readFileSync('/proc/self/stat', 'latin1')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[13]) + Number(fields[14])) / TICKS_A_SECOND
}
