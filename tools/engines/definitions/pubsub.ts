// Google's own Pub/Sub server for tests, in memory: what is stopped forgets everything.
import { join } from 'node:path'
import { clientPort, host, type Engine } from '../engine.ts'
import { buildByGo } from '../install/install-by-go.ts'
import { isListening } from '../process/ports.ts'

// Not v2 of the module: its dead letters multiply (measured: one poison message, 1,575 dead letters).
const version = '1.52.0'

export const pubsub: Engine = {
  name: 'pubsub',
  version: `pstest ${version}`,
  ports: [18085],
  install: (installer) => installer.installOnce('pstest', version, (folder) => buildByGo(folder, 'pstest', main, `cloud.google.com/go/pubsub@v${version}`)),
  prepare: async () => {},
  command: (place) => ({ program: join(place.software, 'bin/pstest'), args: [String(clientPort(place))] }),
  isReady: (place) => isListening(clientPort(place)),
  url: (place) => `pubsub://rondo?emulator=${host}:${clientPort(place)}`,
  env: (place) => ({ PUBSUB_EMULATOR_HOST: `${host}:${clientPort(place)}` }),
  readyWithinMs: 10_000,
  stopWithinMs: 5_000,
}

const main = `// A Pub/Sub service in memory for tests: pstest PORT
package main

import (
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"syscall"

	"cloud.google.com/go/pubsub/pstest"
)

func main() {
	port, err := strconv.Atoi(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "usage: pstest PORT")
		os.Exit(2)
	}
	server := pstest.NewServerWithPort(port)
	fmt.Println(server.Addr)
	stopped := make(chan os.Signal, 1)
	signal.Notify(stopped, syscall.SIGTERM, syscall.SIGINT)
	<-stopped
	server.Close()
}
`
