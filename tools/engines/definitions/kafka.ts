// Kafka as one broker that is its own controller (KRaft), set for a small machine.
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { clientPort, host, innerPort, type Engine, type Place } from '../engine.ts'
import { installByMaven } from '../install/install-by-maven.ts'
import { runProgram } from '../install/run-program.ts'
import { isListening } from '../process/ports.ts'

const version = '4.3.1'
/** Who signs in where TLS is spoken. */
const user = 'rondo'
const password = 'rondo-secret'
const certificateFile = 'server.pem'

export const kafka: Engine = {
  name: 'kafka',
  version,
  ports: [19092, 19093, 19094, 19095],
  // A broker tells clients where to go on; those that came through a proxy must be told the proxy's address.
  proxy: { target: 2, listen: 3 },
  install: (installer) =>
    installer.installOnce('kafka', version, (folder) =>
      installByMaven(folder, 'kafka', [`org.apache.kafka:kafka_2.13:${version}`, `org.apache.kafka:kafka-tools:${version}`, 'org.apache.logging.log4j:log4j-slf4j-impl:2.25.4']),
    ),
  async prepare(place) {
    await writeFile(join(place.folder, 'server.properties'), renderSettings(place))
    await writeFile(join(place.folder, 'log4j2.properties'), logging)
    if (place.tls !== undefined) await writeFile(join(place.folder, certificateFile), `${place.tls.key}${place.tls.certificate}`, { mode: 0o600 })
    if (existsSync(join(place.folder, 'data/meta.properties'))) return
    const tool = ['-cp', join(place.software, 'libs/*'), 'kafka.tools.StorageTool']
    const id = (await runProgram('java', [...tool, 'random-uuid'])).split('\n').at(-1) ?? ''
    await runProgram('java', [...tool, 'format', '-t', id, '-c', join(place.folder, 'server.properties'), '--add-scram', `SCRAM-SHA-256=[name=${user},password=${password}]`], { cwd: place.folder })
  },
  command: (place) => ({
    program: 'java',
    args: ['-Xms128m', '-Xmx512m', '-XX:+UseSerialGC', '-cp', join(place.software, 'libs/*'), `-Dlog4j2.configurationFile=${join(place.folder, 'log4j2.properties')}`, 'kafka.Kafka', 'server.properties'],
  }),
  // The port opens before the broker serves; its own word comes when everything is up.
  isReady: async (place) => (await isListening(clientPort(place))) && (await readFile(join(place.folder, 'log'), 'utf8')).includes('Kafka Server started'),
  url: (place) => (place.tls === undefined ? `kafka://${host}:${clientPort(place)}` : `kafkas://${user}:${password}@${host}:${clientPort(place)}/?ca=${encodeURIComponent(place.tls.authorityFile)}`),
  readyWithinMs: 90_000,
  stopWithinMs: 30_000,
}

function renderSettings(place: Place): string {
  return `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@${host}:${innerPort(place, 1)}
listeners=CLIENTS://${host}:${clientPort(place)},CONTROLLER://${host}:${innerPort(place, 1)},PROXIED://${host}:${innerPort(place, 2)}
advertised.listeners=CLIENTS://${host}:${clientPort(place)},PROXIED://${host}:${innerPort(place, 3)}
listener.security.protocol.map=CLIENTS:${place.tls === undefined ? 'PLAINTEXT' : 'SASL_SSL'},CONTROLLER:PLAINTEXT,PROXIED:PLAINTEXT
controller.listener.names=CONTROLLER
inter.broker.listener.name=${place.tls === undefined ? 'CLIENTS' : 'PROXIED'}
log.dirs=data
num.partitions=4
default.replication.factor=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
num.network.threads=2
num.io.threads=2
log.cleaner.dedupe.buffer.size=16777216
${place.tls === undefined ? '' : secureSettings}`
}

const secureSettings = `ssl.keystore.type=PEM
ssl.keystore.location=${certificateFile}
sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256
listener.name.clients.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_${user}="${password}";
listener.name.clients.scram-sha-256.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
`

const logging = `status=error
appender.console.type=Console
appender.console.name=console
appender.console.layout.type=PatternLayout
appender.console.layout.pattern=%d %p %m (%c)%n
rootLogger.level=info
rootLogger.appenderRef.console.ref=console
`
