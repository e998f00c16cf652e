// NATS with JetStream, which syncs every write: what the log is measured beside.
import { join } from 'node:path'
import { clientPort, host, type Engine } from '../engine.ts'
import { buildByGo } from '../install/install-by-go.ts'
import { isListening } from '../process/ports.ts'

const version = '2.11.17'

export const nats: Engine = {
  name: 'nats',
  version,
  ports: [14222],
  install: (installer) => installer.installOnce('nats', version, (folder) => buildByGo(folder, 'nats', main, `github.com/nats-io/nats-server/v2@v${version}`)),
  prepare: async () => {},
  command: (place) => ({ program: join(place.software, 'bin/nats'), args: [String(clientPort(place)), join(place.folder, 'data')] }),
  isReady: (place) => isListening(clientPort(place)),
  url: (place) => `nats://${host}:${clientPort(place)}`,
  readyWithinMs: 10_000,
  stopWithinMs: 10_000,
}

const main = `// JetStream with "sync: always": nats PORT FOLDER
package main

import (
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"syscall"

	"github.com/nats-io/nats-server/v2/server"
)

func main() {
	port, err := strconv.Atoi(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "usage: nats PORT FOLDER")
		os.Exit(2)
	}
	running, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: port, JetStream: true, StoreDir: os.Args[2], SyncAlways: true, NoSigs: true})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	running.ConfigureLogger()
	running.Start()
	stopped := make(chan os.Signal, 1)
	signal.Notify(stopped, syscall.SIGTERM, syscall.SIGINT)
	<-stopped
	running.Shutdown()
	running.WaitForShutdown()
}
`
