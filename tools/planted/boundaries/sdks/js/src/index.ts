// Planted: an SDK with baggage.
import { request } from 'node:http'
import { pipelinesContract } from '@rondo/pipelines/contract'
import type { pipelinesContract as fine } from '@rondo/pipelines/contract'

export const baggage: [unknown, unknown, typeof fine?] = [request, pipelinesContract]
