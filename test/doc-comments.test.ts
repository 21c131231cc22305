import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'
import ts from 'typescript6'

const FOLDERS = readdirSync('src').map((name) => join('src', name))

/** What a file exports by name without a doc comment before it. */
function undescribedExports(path: string): string[] {
  const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true)
  return file.statements
    .filter((statement) => ts.canHaveModifiers(statement) && isExported(statement))
    .filter((statement) => ts.getJSDocCommentsAndTags(statement).length === 0)
    .flatMap(namesOf)
    .map((name) => `${path}: ${name}`)
}

const isExported = (statement: ts.HasModifiers): boolean =>
  ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true

function namesOf(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.map(({ name }) => name.getText())
  return ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement)
    ? [statement.name?.getText() ?? 'default']
    : []
}

for (const folder of FOLDERS)
  it(`everything that ${folder} exports has a doc comment`, () => {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => join(folder, name))
    assert.ok(files.length > 0)
    assert.deepEqual(files.flatMap(undescribedExports), [])
  })
