// What the composition itself can be asked: who it is, what time it is there, and how far a simulated world has come.
import { defineContract } from '@rondo/contract'
import { Type, type Static } from 'typebox'

export const WorldState = Type.Object({
  on: Type.Boolean(),
  size: Type.String(),
  /** `history`: past weeks are being written; `live`: accelerated time. */
  phase: Type.Union([Type.Literal('off'), Type.Literal('history'), Type.Literal('live')]),
  /** Of the history, 0–1. */
  progress: Type.Number(),
  /** Simulated seconds a second while live. */
  rate: Type.Number(),
})

export type WorldState = Static<typeof WorldState>

export const WorkspaceProblem = Type.Object({ file: Type.String(), line: Type.Integer(), message: Type.String(), help: Type.Optional(Type.String()) })
export type WorkspaceProblem = Static<typeof WorkspaceProblem>

export const AwayRoom = Type.Object({ room: Type.String(), address: Type.String(), reason: Type.String(), since: Type.String() })
export type AwayRoom = Static<typeof AwayRoom>

export const platformContract = defineContract({
  service: 'platform',
  base: '/api/platform/v1',
  routes: {
    info: {
      method: 'GET',
      path: '/info',
      summary: 'Name, version, clock, world, what is wrong with the workspace, and which rooms are away',
      access: 'read',
      result: Type.Object({
        name: Type.String(),
        version: Type.String(),
        now: Type.String(),
        principal: Type.String(),
        world: WorldState,
        workspace: Type.Object({ loadedAt: Type.String(), definitions: Type.Integer(), problems: Type.Array(WorkspaceProblem) }),
        rooms: Type.Array(Type.String()),
        /** Rooms that run elsewhere and cannot be used now; `since` by the machine's clock. */
        away: Type.Array(AwayRoom),
      }),
    },
  },
})
