// The SDK in a real browser, against a real collector.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { noBrowser, openBrowser } from '@rondo/portal/open-browser'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import type { ClientMark } from '../src/index.ts'
import { openPageHouse, type PageHouse } from './page-house.ts'
import { startCollector, WRITE_KEY, type DeliveredRow, type RunningCollector } from './running-collector.ts'

const options = { skip: noBrowser, timeout: 120_000 }
const LOOK_EVERY_MS = 20

let collector: RunningCollector
let house: PageHouse
let browser: Browser

before(async () => {
  if (noBrowser) return
  collector = await startCollector()
  house = await openPageHouse(collector.url)
  browser = await openBrowser()
})

after(async () => {
  await browser?.close()
  await house?.[Symbol.asyncDispose]()
  await collector?.[Symbol.asyncDispose]()
})

/** The page's client stands as `rondo` in it; it flushes by itself only after an hour. */
async function openClient(context: BrowserContext, more: Record<string, unknown> = {}): Promise<Page> {
  const page = await context.newPage()
  await page.goto(house.url)
  await load(page, more)
  return page
}

async function load(page: Page, more: Record<string, unknown> = {}): Promise<void> {
  const given = JSON.stringify({ url: '', writeKey: WRITE_KEY, flushAfterMs: 3_600_000, ...more })
  await page.evaluate(`import('/rondo.js').then(({ createBrowserRondo }) => { window.told = []; window.rondo = createBrowserRondo({ ...${given}, onError: (error) => told.push(error) }) })`)
}

/** The number that an event had on its way. */
const markOf = (id: string): ClientMark | undefined => house.passed.flatMap(({ events }) => events).find((event) => event.id === id)?.context?.client

const track = (page: Page, ...ids: string[]): Promise<unknown> =>
  page.evaluate(ids.map((id) => `rondo.track('track-saved', { trackId: '${id}', artistId: 'a', source: 'radio' }, { id: '${id}' })`).join(';'))

async function waitFor<T>(look: () => Promise<T | undefined>, what: string): Promise<T> {
  for (let tries = 0; tries < 500; tries += 1) {
    const found = await look()
    if (found !== undefined) return found
    await pause(LOOK_EVERY_MS)
  }
  throw new Error(`It never came: ${what}`)
}

/** Delivered rows whose ids begin so, once there are as many. */
const delivered = (prefix: string, count: number): Promise<DeliveredRow[]> =>
  waitFor(async () => {
    const rows = (await collector.listSaved()).filter(({ id }) => id.startsWith(prefix))
    return rows.length >= count ? rows : undefined
  }, `${count} events ${prefix}…`)

/** How many events the page's database keeps. */
const countKept = (page: Page): Promise<number> =>
  page.evaluate<number>(`new Promise((resolve) => { const open = indexedDB.open('rondo'); open.onsuccess = () => { const all = open.result.transaction('events').objectStore('events').getAllKeys(); all.onsuccess = () => { open.result.close(); resolve(all.result.filter(([, n]) => n > 0).length) } } })`)

const waitForKept = (page: Page, count: number): Promise<true> => waitFor(async () => ((await countKept(page)) === count ? true : undefined), `${count} kept`)

test('JS23 what a page could not send survives its end in IndexedDB: the next one sends it once, as the same client, with numbers that go on', options, async () => {
  const context = await browser.newContext()
  house.state = 'down'
  const page = await openClient(context)
  await track(page, 're-1', 're-2')
  await waitForKept(page, 2)
  await page.reload()
  await load(page)
  await track(page, 're-3')
  await waitForKept(page, 3)
  assert.equal((await collector.listSaved()).filter(({ id }) => id.startsWith('re-')).length, 0)
  house.state = 'up'
  await page.evaluate('rondo.flush()')
  const rows = await delivered('re-', 3)
  assert.deepEqual(rows.map(({ id }) => id), ['re-1', 're-2', 're-3'])
  assert.deepEqual(rows.map(({ id }) => markOf(id)?.sequence), [1, 2, 3])
  assert.equal(new Set(rows.map(({ id }) => markOf(id)?.id)).size, 1)
  await waitForKept(page, 0)
  await context.close()
})

test('JS24 a page that is left sends what waits, in pieces that browsers carry on, without asking first', options, async () => {
  const context = await browser.newContext()
  const page = await openClient(context)
  const before = house.passed.length
  await track(page, 'left-1', 'left-2')
  await page.goto('about:blank')
  await delivered('left-', 2)
  const [passed] = house.passed.slice(before)
  assert.equal(passed?.url, `/v1/events?writeKey=${WRITE_KEY}`)
  assert.match(passed?.contentType ?? '', /^text\/plain/)
  for (const { bytes } of house.passed.slice(before)) assert.ok(bytes <= 65_536)
  assert.ok(house.passed.length - before <= 2)
  await context.close()
})

test('JS24 where fetch does not outlive the page, a beacon does; the next page asks again what became of it', options, async () => {
  const context = await browser.newContext()
  await context.addInitScript('delete Request.prototype.keepalive')
  const page = await openClient(context)
  await track(page, 'beacon-1')
  await waitForKept(page, 1)
  await page.goto('about:blank')
  await delivered('beacon-', 1)
  const duplicates = (await collector.countSaved()).duplicate
  await page.goto(house.url)
  await load(page)
  await waitForKept(page, 1)
  await page.evaluate('rondo.flush()')
  await waitForKept(page, 0)
  assert.equal((await delivered('beacon-', 1)).length, 1)
  assert.equal((await collector.countSaved()).duplicate, duplicates + 1)
  await context.close()
})

test('JS25 pages that are open at once are two clients, and what a closed one left is sent by another', options, async () => {
  const context = await browser.newContext()
  house.state = 'busy'
  const [one, two] = [await openClient(context), await openClient(context)]
  await track(one, 'two-1')
  await track(two, 'two-2')
  await waitForKept(one, 2)
  await one.close()
  await two.close()
  house.state = 'up'
  const three = await openClient(context)
  await track(three, 'two-3')
  await waitForKept(three, 3)
  await three.evaluate('rondo.flush()')
  const rows = await delivered('two-', 3)
  assert.notEqual(markOf('two-1')?.id, markOf('two-2')?.id)
  assert.equal(markOf('two-3')?.sequence, 2)
  assert.equal(rows.length, 3)
  await waitForKept(three, 0)
  await context.close()
})

test('JS38 garbage that lies in a page’s stores is cleared, and what is whole beside it is sent', options, async () => {
  const context = await browser.newContext()
  const page = await openClient(context)
  await track(page, 'junk-1')
  await waitForKept(page, 1)
  await page.evaluate(`new Promise((resolve) => { const open = indexedDB.open('rondo'); open.onsuccess = () => { const change = open.result.transaction('events', 'readwrite'); const events = change.objectStore('events'); events.put(null, ['junk', 1]); events.put({ id: 7 }, ['junk', 2]); events.put('many', ['junk', 0]); change.oncomplete = () => { open.result.close(); resolve() } } })`)
  house.state = 'down'
  await page.goto('about:blank')
  house.state = 'up'
  await page.goto(house.url)
  await load(page)
  await page.evaluate('rondo.flush()')
  assert.equal((await delivered('junk-', 1)).length, 1)
  await waitForKept(page, 0)
  assert.deepEqual(await page.evaluate('told'), [])
  await context.addInitScript(`Object.defineProperty(navigator, 'locks', { value: undefined })`)
  for (const garbage of ['{"half', '7', '[null, 7, {"id": 1}]']) {
    const bare = await openClient(context)
    await bare.evaluate(`localStorage.setItem('rondo.unsent', '${garbage}')`)
    await load(bare)
    await bare.evaluate('rondo.flush()')
    assert.deepEqual(await bare.evaluate(`[localStorage.getItem('rondo.unsent'), told]`), [null, []])
  }
  await context.close()
})

test('JS39 what rests sets out at once when the browser says that the network is back', options, async () => {
  const context = await browser.newContext()
  house.state = 'down'
  const page = await openClient(context, { maxTries: 1 })
  await track(page, 'online-1')
  await page.evaluate('rondo.flush()')
  house.state = 'up'
  await page.evaluate(`dispatchEvent(new Event('online'))`)
  await delivered('online-', 1)
  await context.close()
})

test('JS26 a page that comes back from the browser’s memory goes on keeping its events', options, async () => {
  const context = await browser.newContext()
  const page = await openClient(context)
  await page.evaluate(`dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })); dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))`)
  await track(page, 'back-1')
  await waitForKept(page, 1)
  await page.evaluate('rondo.flush()')
  await delivered('back-', 1)
  await waitForKept(page, 0)
  await context.close()
})

test('JS27 a page remembers its anonymous id, and who opted out, in this tab and the next', options, async () => {
  const context = await browser.newContext()
  const page = await openClient(context)
  await track(page, 'anon-1')
  await page.evaluate('rondo.flush()')
  await page.reload()
  await load(page)
  await page.evaluate(`rondo.identify('ines')`)
  await track(page, 'anon-2')
  await page.evaluate('rondo.flush()')
  const rows = await delivered('anon-', 2)
  assert.ok(rows[0]?.anonymousId)
  assert.equal(rows[1]?.anonymousId, rows[0]?.anonymousId)
  assert.equal(rows[1]?.userId, 'ines')
  await page.evaluate('rondo.optOut()')
  const next = await openClient(context)
  await track(next, 'anon-3')
  await next.evaluate('rondo.flush()')
  assert.deepEqual(await next.evaluate(`Object.keys(localStorage)`), ['rondo.optedOut'])
  await next.evaluate('rondo.optIn()')
  await track(next, 'anon-4')
  await next.evaluate('rondo.flush()')
  assert.deepEqual((await delivered('anon-', 3)).map(({ id }) => id), ['anon-1', 'anon-2', 'anon-4'])
  await context.close()
})

test('JS28 without IndexedDB or locks events wait in localStorage from the page’s end to the next, and without that they go with the page', options, async () => {
  const context = await browser.newContext()
  // As on a page without https.
  await context.addInitScript(`Object.defineProperty(navigator, 'locks', { value: undefined }); delete Crypto.prototype.randomUUID`)
  house.state = 'down'
  const page = await openClient(context, { maxTries: 1 })
  await track(page, 'bare-1')
  await page.evaluate('rondo.flush()')
  await page.goto('about:blank')
  house.state = 'up'
  await page.goto(house.url)
  await load(page)
  await page.evaluate('rondo.flush()')
  await delivered('bare-', 1)
  assert.equal(await page.evaluate(`localStorage.getItem('rondo.unsent')`), null)
  assert.match(markOf('bare-1')?.id ?? '', /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  await context.addInitScript(`Object.defineProperty(window, 'localStorage', { get() { throw new Error('not for you') } })`)
  const forgetful = await openClient(context)
  await track(forgetful, 'bare-2')
  await forgetful.goto('about:blank')
  await delivered('bare-', 2)
  await context.close()
})
