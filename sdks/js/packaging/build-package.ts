// What customers install: `npm run build [-- FOLDER]` makes `dist`, a package of its own, from the sources that the house imports as they are.
import { execFileSync } from 'node:child_process'
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { bundleForPage } from './bundle-for-page.ts'

const HERE = join(import.meta.dirname, '..')
const HOUSE = join(HERE, '../..')
const DIST = resolve(process.argv[2] ?? join(HERE, 'dist'))
const IN_ONE_FILE = 'browser.min.js'

type Manifest = { exports: Record<string, string>; private?: boolean; scripts?: object; devDependencies?: object; dependencies?: object }

rmSync(DIST, { recursive: true, force: true })
execFileSync(process.execPath, [join(HOUSE, 'node_modules/typescript/bin/tsc'), '-p', join(HERE, 'tsconfig.build.json'), '--outDir', DIST], { stdio: 'inherit' })
for (const path of readdirSync(DIST, { recursive: true, encoding: 'utf8' })) if (path.endsWith('.d.ts')) pointToJs(join(DIST, path))
writeFileSync(join(DIST, IN_ONE_FILE), await bundleForPage(join(HERE, 'src/browser.ts')))
writeFileSync(join(DIST, 'package.json'), `${JSON.stringify(toPublished(JSON.parse(readFileSync(join(HERE, 'package.json'), 'utf8')) as Manifest), null, 2)}\n`)
copyFileSync(join(HERE, 'README.md'), join(DIST, 'README.md'))
copyFileSync(join(HOUSE, 'LICENSE'), join(DIST, 'LICENSE'))

/** The compiler leaves the imports of declarations as they were. */
function pointToJs(path: string): void {
  writeFileSync(path, readFileSync(path, 'utf8').replaceAll(/((?:from |import\()['"]\.[^'"]*)\.ts(['"])/g, '$1.js$2'))
}

/** The manifest without what is of the house alone; doors to `src` lead to what was built of it. */
function toPublished({ private: _private, scripts: _scripts, devDependencies: _devDependencies, dependencies: _dependencies, exports, ...rest }: Manifest): object {
  const doors = Object.entries(exports).flatMap(([door, source]) => {
    const built = /^\.\/src\/(.+)\.ts$/.exec(source)?.[1]
    if (built === undefined) return []
    return [[door, { types: `./${built}.d.ts`, default: `./${built}.js` }]]
  })
  return { ...rest, files: ['**/*.js', '**/*.js.map', '**/*.d.ts'], exports: Object.fromEntries([...doors, [`./${IN_ONE_FILE}`, `./${IN_ONE_FILE}`]]) }
}
