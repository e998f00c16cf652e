// Java libraries with all they need, as one folder of jars.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runProgram } from './run-program.ts'

/** `group:artifact:version` each; the jars lie in `libs/`. */
export async function installByMaven(folder: string, name: string, artifacts: string[]): Promise<void> {
  await writeFile(join(folder, 'pom.xml'), renderPom(name, artifacts))
  await runProgram('mvn', ['-q', '-B', 'dependency:copy-dependencies', '-DincludeScope=runtime', '-DoutputDirectory=libs'], { cwd: folder })
}

function renderPom(name: string, artifacts: string[]): string {
  const dependencies = artifacts.map((artifact) => {
    const [group, id, version] = artifact.split(':')
    return `<dependency><groupId>${group}</groupId><artifactId>${id}</artifactId><version>${version}</version></dependency>`
  })
  return `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>rondo</groupId><artifactId>${name}-run</artifactId><version>1</version><packaging>pom</packaging><dependencies>
${dependencies.join('\n')}
</dependencies></project>
`
}
