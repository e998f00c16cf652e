// S3 by the Versity gateway over a plain folder.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { clientPort, host, type Engine } from '../engine.ts'
import { installByGo } from '../install/install-by-go.ts'

const version = '1.8.0'
const accessKey = 'rondo'
const secretKey = 'rondo-secret'
const bucket = 'rondo'
const region = 'us-east-1'

export const s3: Engine = {
  name: 's3',
  version: `versitygw ${version}`,
  ports: [19010],
  install: (installer) => installer.installOnce('versitygw', version, (folder) => installByGo(folder, `github.com/versity/versitygw/cmd/versitygw@v${version}`)),
  // A folder below the data is a bucket.
  prepare: async (place) => void (await mkdir(join(place.folder, 'data', bucket), { recursive: true })),
  command: (place) => ({
    program: join(place.software, 'bin/versitygw'),
    args: ['--port', `${host}:${clientPort(place)}`, '--region', region, '--health', '/health', 'posix', join(place.folder, 'data')],
    env: { ROOT_ACCESS_KEY: accessKey, ROOT_SECRET_KEY: secretKey },
  }),
  isReady: async (place) => (await fetch(`http://${host}:${clientPort(place)}/health`)).ok,
  url: (place) => `s3://${accessKey}:${secretKey}@${host}:${clientPort(place)}/${bucket}?region=${region}`,
  env: (place) => ({ AWS_ACCESS_KEY_ID: accessKey, AWS_SECRET_ACCESS_KEY: secretKey, AWS_REGION: region, AWS_ENDPOINT_URL_S3: `http://${host}:${clientPort(place)}` }),
  readyWithinMs: 10_000,
  stopWithinMs: 10_000,
}
