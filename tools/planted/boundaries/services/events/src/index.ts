// Planted: opens a driver, climbs into another room by the window and by the floor, and knows an app.
import { readFileSync } from 'node:fs'
import '@rondo/listeners'
import { insideOfPipelines } from '@rondo/pipelines'
import { noSuchDoor } from '@rondo/pipelines/secret'
import { openRelational } from '@rondo/relational'
import { insideOfPipelines as again } from '../../pipelines/src/index.ts'

export const everything = [readFileSync, insideOfPipelines, noSuchDoor, openRelational, again]
