// Fails when src reaches for its host anywhere but in src/runtime.ts. The compiler (no `types`, `lib` ES2023) refuses
// most of it already; this refuses what the language itself brings along, and declaring one's way around the compiler.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const exempt = 'runtime.ts';
const leastFiles = 50;
const hostNames = new Set(
  'Buffer crypto fetch global globalThis performance process setImmediate setInterval setTimeout'.split(' '),
);

/** What a node of the syntax tree takes from the host, if anything. */
function reach(node) {
  if (ts.isPropertyAccessExpression(node) && /^(Date\.now|Math\.random)$/.test(node.getText())) return node.getText();
  if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && !node.arguments?.length) return 'new Date()';
  if (ts.isCallExpression(node) && node.expression.getText() === 'Date') return 'Date()';
  if (ts.isIdentifier(node) && hostNames.has(node.text) && node.parent.expression === node) return node.text;
  if (ts.isStringLiteral(node) && node.text.startsWith('node:')) return node.text;
  if (node.kind === ts.SyntaxKind.DeclareKeyword) return node.parent.getText();
  return undefined;
}

function reachesOf(file) {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2023, true);
  const found = source.typeReferenceDirectives.map(({ pos, fileName }) => ({ pos, what: `types of ${fileName}` }));
  const visit = (node) => {
    const what = reach(node);
    if (what !== undefined) found.push({ pos: node.getStart(), what });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found.map(({ pos, what }) => {
    const line = source.getLineAndCharacterOfPosition(pos).line + 1;
    return `${file}:${line}: ${what}: src gets its host injected, as src/ports/runtime.ts says`;
  });
}

const files = readdirSync('src', { recursive: true }).filter((file) => file.endsWith('.ts') && file !== exempt);
const faults = files.flatMap((file) => reachesOf(join('src', file)));
if (files.length < leastFiles) faults.push(`Expected at least ${leastFiles} files, got ${files.length}`);

for (const fault of faults) console.error(fault);
console.log(`core: ${files.length} files, ${faults.length} faults`);
if (faults.length > 0) process.exitCode = 1;
