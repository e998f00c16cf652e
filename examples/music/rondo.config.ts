// The example product: a music service on the platform, everything embedded in one folder.
import { defineConfig } from 'rondo'

export default defineConfig({
  name: 'Music',
  account: 'rondo-music',
  world: 'default',
  stores: {
    eventLog: 'file:./log',
    relational: 'sqlite:./state',
    keyValue: 'lmdb:./key-value',
    objects: 'file:./objects',
    analytics: 'duckdb:',
  },
})
