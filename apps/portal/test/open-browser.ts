// A headless Chromium when the machine has one, and pages that record what went wrong in them.
import { existsSync } from 'node:fs'
import { chromium, type Browser, type Page } from 'playwright-core'

const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'

/** Reason to skip browser tests, or false. */
export const noBrowser: string | false = existsSync(executablePath) ? false : `no Chromium at "${executablePath}"; set CHROMIUM_PATH`

export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  })
}

export type Watched = { page: Page; troubles: string[]; close(): Promise<void> }

export type Look = { width?: number; height?: number; scheme?: 'light' | 'dark'; reducedMotion?: boolean }

/** A page of its own context; `troubles` collects console errors, page errors, and failed or refused requests. */
export async function openPage(browser: Browser, url: string, look: Look = {}): Promise<Watched> {
  const context = await browser.newContext({ viewport: { width: look.width ?? 1440, height: look.height ?? 900 }, colorScheme: look.scheme ?? 'light', reducedMotion: look.reducedMotion === true ? 'reduce' : 'no-preference', locale: 'en-GB', timezoneId: 'UTC' })
  const page = await context.newPage()
  const troubles: string[] = []
  page.on('console', (message) => message.type() === 'error' && troubles.push(`console: ${message.text()}`))
  page.on('pageerror', (error) => troubles.push(`error: ${error.message}`))
  page.on('requestfailed', (request) => request.failure()?.errorText !== 'net::ERR_ABORTED' && troubles.push(`failed: ${request.url()} ${request.failure()?.errorText}`))
  page.on('response', (response) => response.status() >= 400 && troubles.push(`${response.status()}: ${response.url()}`))
  await page.goto(url)
  return { page, troubles, close: () => context.close() }
}
