// Planted: an SDK with baggage.
import { request } from 'node:http'
import { pipelinesContract } from '@rondo/pipelines/contract'
import type { pipelinesContract as fine } from '@rondo/pipelines/contract'
import { store } from './node.ts'

export const baggage: [unknown, unknown, unknown, typeof fine?] = [request, pipelinesContract, store]
