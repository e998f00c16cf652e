// Looks at one page of the portal as it stands in a browser: light and dark, wide and narrow, and says all that is wrong with it.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { findBarriers } from '@rondo/portal/find-barriers'
import { openPage, type Watched } from '@rondo/portal/open-browser'
import { CHECKOUT } from '../src/cli/place.ts'

const PATIENCE_MS = 15_000

export type Look = { scheme: 'light' | 'dark'; width: number; height: number }

const WIDE = { width: 1440, height: 900 }
const NARROW = { width: 390, height: 844 }

/** Each scheme and each width once. */
export const TWO_LOOKS: readonly Look[] = [{ scheme: 'light', ...WIDE }, { scheme: 'dark', ...NARROW }]
export const ALL_LOOKS: readonly Look[] = [...TWO_LOOKS, { scheme: 'light', ...NARROW }, { scheme: 'dark', ...WIDE }]

/** What no reader should meet: values that were not there, and what came of them. */
const SPILLED = /\b(undefined|NaN|Infinity|Invalid Date)\b|\[object Object\]/

export type Walker = Watched & { settle(): Promise<void> }

/** A signed-in browser page that knows when nothing is being read any more. */
export async function openWalker(browser: Browser, url: string, link: string): Promise<Walker> {
  const watched = await openPage(browser, `${url}/sign-in?link=${link}`, { reducedMotion: true })
  const { page } = watched
  page.setDefaultTimeout(PATIENCE_MS)
  const underWay = new Set<unknown>()
  page.on('request', (request) => request.resourceType() !== 'eventsource' && underWay.add(request))
  const end = (request: unknown): void => void underWay.delete(request)
  page.on('requestfinished', end)
  page.on('requestfailed', end)
  const settle = async (): Promise<void> => {
    await page.locator('h1').first().waitFor()
    const deadline = performance.now() + PATIENCE_MS
    for (let calm = 0; calm < 3; ) {
      if (performance.now() > deadline) throw new Error(`${page.url()} is still reading after ${PATIENCE_MS / 1000} s`)
      const isBusy: boolean = await page.evaluate(`new Promise((resolve) => requestAnimationFrame(() => setTimeout(() => resolve(document.querySelector('main [aria-busy=true]') !== null), 20)))`)
      calm = isBusy || underWay.size > 0 ? 0 : calm + 1
    }
  }
  await settle()
  return { ...watched, settle }
}

/** Opens `path` once and lists what is wrong in any of the looks; keeps a picture of each in `.screenshots/<folder>/`. */
export async function lookAtPage(walker: Walker, url: string, path: string, folder: string, looks: readonly Look[]): Promise<string[]> {
  const { page, troubles, settle } = walker
  const wrong: string[] = []
  await page.setViewportSize(WIDE)
  await page.goto(`${url}${path}`)
  const pictures = join(CHECKOUT, '.screenshots', folder)
  await mkdir(pictures, { recursive: true })
  for (const look of looks) {
    const { scheme, width, height } = look
    await page.emulateMedia({ colorScheme: scheme })
    await page.setViewportSize({ width, height })
    await settle()
    const at = `${path} at ${width} px, ${scheme}`
    wrong.push(...(await readWrongs(page, width)).map((line) => `${at}: ${line}`))
    // The dearest part: tabs and views of a page are looked through in two looks, pages in all.
    if (!path.includes('?') || TWO_LOOKS.includes(look)) wrong.push(...(await findBarriers(page)).map((line) => `${at}: ${line}`))
    await page.screenshot({ path: join(pictures, `${path.slice(1).replaceAll(/[^a-z0-9]+/gi, '-').slice(0, 60) || 'loop'}-${width}-${scheme}.png`) })
  }
  wrong.push(...troubles.splice(0).map((line) => `${path}: ${line}`))
  return wrong
}

async function readWrongs(page: Page, width: number): Promise<string[]> {
  const seen: { heading: string; text: string; scrollWidth: number } = await page.evaluate(`({
    heading: document.querySelector('h1')?.innerText ?? '',
    text: document.body.innerText,
    scrollWidth: document.documentElement.scrollWidth,
  })`)
  const spilled = SPILLED.exec(seen.text)
  return [
    ...(seen.heading.trim() === '' ? ['no heading'] : []),
    ...(spilled === null ? [] : [`it says "${seen.text.slice(Math.max(0, spilled.index - 40), spilled.index + 40).replaceAll('\n', ' ')}"`]),
    ...(seen.scrollWidth > width ? [`scrolls sideways, ${seen.scrollWidth} px wide`] : []),
  ]
}
