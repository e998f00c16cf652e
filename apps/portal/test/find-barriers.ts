// Runs axe in a page: what would keep somebody out.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

type AxeResult = { violations: { id: string; help: string; nodes: { target: unknown[]; failureSummary?: string }[] }[] }

/** One line a violation of WCAG 2.2 A and AA, with the first place where it is found. Animations are ended first, so that colours are final. */
export async function findBarriers(page: Page): Promise<string[]> {
  const isThere: boolean = await page.evaluate(`'axe' in window`)
  if (!isThere) await page.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'))
  const result: AxeResult = await page.evaluate(`axe.run(document, { runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] } })`)
  return result.violations.map((one) => `${one.id}: ${one.help} at ${one.nodes.map((node) => node.target.join(' ')).slice(0, 3).join(' | ')} ${one.nodes[0]?.failureSummary?.split('\n')[1]?.trim() ?? ''}`)
}
