// Cassandra as one node with a heap of 512 MB. It has no second copy of anything, so that it writes to the disk before it answers.
import { existsSync } from 'node:fs'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { clientPort, host, innerPort, type Engine, type Place } from '../engine.ts'
import { installByMaven } from '../install/install-by-maven.ts'
import { queryCassandra } from './query-cassandra.ts'

const version = '5.0.9'
const keyspace = 'rondo'

export const cassandra: Engine = {
  name: 'cassandra',
  version,
  ports: [19042, 17000, 17199],
  install: (installer) =>
    installer.installOnce('cassandra', version, async (folder) => {
      await installByMaven(folder, 'cassandra', [`org.apache.cassandra:cassandra-all:${version}`])
    }),
  async prepare(place) {
    await mkdir(join(place.folder, 'data'), { recursive: true })
    await writeFile(join(place.folder, 'cassandra.yaml'), renderSettings(place))
    await writeFile(join(place.folder, 'logback.xml'), logging)
    // The agent's name holds its version; a plain name keeps the command short.
    if (!existsSync(join(place.software, 'libs'))) throw new Error(`${place.software} holds no jars; remove the folder and start again.`)
    const agent = (await readdir(join(place.software, 'libs'))).find((name) => /^jamm-.*\.jar$/.test(name))
    if (agent === undefined) throw new Error(`${place.software}/libs holds no jamm jar; remove the folder and start again.`)
    await writeFile(join(place.folder, 'jvm.options'), renderJvmOptions(place, agent))
  },
  command: (place) => ({ program: 'java', args: [`@${join(place.folder, 'jvm.options')}`, 'org.apache.cassandra.service.CassandraDaemon'] }),
  isReady: async (place) => {
    await queryCassandra(clientPort(place), 'SELECT key FROM system.local')
    return true
  },
  complete: (place) => queryCassandra(clientPort(place), `CREATE KEYSPACE IF NOT EXISTS ${keyspace} WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}`),
  url: (place) => `cassandra://${host}:${clientPort(place)}/${keyspace}`,
  readyWithinMs: 120_000,
  stopWithinMs: 40_000,
}

function renderSettings(place: Place): string {
  return `cluster_name: rondo
num_tokens: 4
partitioner: org.apache.cassandra.dht.Murmur3Partitioner
data_file_directories: [data/data]
commitlog_directory: data/commitlog
saved_caches_directory: data/saved_caches
hints_directory: data/hints
cdc_raw_directory: data/cdc_raw
commitlog_sync: batch
listen_address: ${host}
rpc_address: ${host}
storage_port: ${innerPort(place, 1)}
native_transport_port: ${clientPort(place)}
endpoint_snitch: SimpleSnitch
seed_provider: [{class_name: org.apache.cassandra.locator.SimpleSeedProvider, parameters: [{seeds: "${host}:${innerPort(place, 1)}"}]}]
memtable_heap_space: 128MiB
memtable_offheap_space: 128MiB
file_cache_size: 64MiB
`
}

/** What the start script of a Cassandra installation gives to Java 17. */
const doors: [option: string, module: string, packages: string[]][] = [
  ['--add-exports', 'java.base', ['jdk.internal.misc', 'jdk.internal.ref', 'sun.nio.ch']],
  ['--add-exports', 'java.management.rmi', ['com.sun.jmx.remote.internal.rmi']],
  ['--add-exports', 'java.rmi', ['sun.rmi.registry', 'sun.rmi.server', 'sun.rmi.transport', 'sun.rmi.transport.tcp']],
  ['--add-exports', 'java.sql', ['java.sql']],
  ['--add-exports', 'jdk.unsupported', ['sun.misc']],
  ['--add-opens', 'java.base', ['lang', 'lang.module', 'lang.reflect', 'io', 'net', 'nio', 'nio.charset', 'nio.file.spi', 'util', 'util.concurrent', 'util.concurrent.atomic'].map((name) => `java.${name}`)],
  ['--add-opens', 'java.base', ['loader', 'math', 'module', 'ref', 'reflect', 'util.jar'].map((name) => `jdk.internal.${name}`)],
  ['--add-opens', 'java.base', ['sun.nio.ch']],
  ['--add-opens', 'java.management', ['com.sun.jmx.remote.security', 'sun.management']],
  ['--add-opens', 'jdk.management', ['com.sun.management.internal']],
]

function renderJvmOptions(place: Place, agent: string): string {
  const data = join(place.folder, 'data')
  const libs = join(place.software, 'libs')
  const options = [
    '-Xms512m -Xmx512m -XX:+UseSerialGC -Xss512k -XX:+ExitOnOutOfMemoryError -Djdk.attach.allowAttachSelf=true',
    ...doors.flatMap(([option, module, packages]) => packages.map((name) => `${option}=${module}/${name}=ALL-UNNAMED`)),
    `"-javaagent:${join(libs, agent)}"`,
    `-cp "${libs}/*"`,
    `"-Dcassandra.config=file:${join(place.folder, 'cassandra.yaml')}"`,
    `"-Dcassandra.storagedir=${data}"`,
    `"-Djava.io.tmpdir=${data}"`,
    `"-Djna.tmpdir=${data}"`,
    '-Dlogback.configurationFile=logback.xml',
    `-Dcassandra.jmx.local.port=${innerPort(place, 2)}`,
    '-Dcassandra-foreground=yes -Dcassandra.skip_wait_for_gossip_to_settle=0',
  ]
  return `${options.join('\n')}\n`
}

const logging = `<configuration>
  <appender name="console" class="ch.qos.logback.core.ConsoleAppender"><encoder><pattern>%d %-5level %msg \\(%logger\\)%n</pattern></encoder></appender>
  <root level="INFO"><appender-ref ref="console"/></root>
</configuration>
`
