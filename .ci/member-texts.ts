// Reads what the source says of the members of its interfaces, so that editors show the words of the documentation.
import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';

/** What is said of one interface. */
export interface InterfaceTexts {
  readonly name: string;
  readonly text: string;
  /** What is said of each member; empty where nothing is. */
  readonly members: ReadonlyMap<string, string>;
}

/** Reads every interface of the files in a folder; each has the members of those that it extends as well. */
export function readInterfaces(folder: URL): readonly InterfaceTexts[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.ts'));
  const declarations = files.flatMap((file) => {
    const text = readFileSync(new URL(file, folder), 'utf8');
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true);
    return source.statements.filter(ts.isInterfaceDeclaration);
  });
  const membersOf = (declaration: ts.InterfaceDeclaration): (readonly [string, string])[] => [
    ...declarations.filter(({ name }) => extendedBy(declaration).includes(name.text)).flatMap(membersOf),
    ...declaration.members.filter(ts.isPropertySignature).map((member) => [nameOf(member), textOf(member)] as const),
  ];
  return declarations.map((declaration) => ({
    name: declaration.name.text,
    text: textOf(declaration),
    members: new Map(membersOf(declaration)),
  }));
}

function extendedBy({ heritageClauses }: ts.InterfaceDeclaration): readonly string[] {
  return (heritageClauses ?? []).flatMap(({ types }) => types.map(({ expression }) => expression.getText()));
}

function nameOf({ name }: ts.PropertySignature): string {
  return ts.isIdentifier(name) || ts.isStringLiteral(name) ? name.text : '';
}

/** The first paragraph of the comment in one line, with its default, without links. */
function textOf(node: ts.Node): string {
  const [comment] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  const [text = ''] = (ts.getTextOfJSDocComment(comment?.comment) ?? '').split('\n\n');
  const [fallback] = ts.getJSDocTags(node).filter(({ tagName }) => tagName.text === 'default');
  const words = ts.getTextOfJSDocComment(fallback?.comment);
  const whole = words === undefined ? text : `${text} Default: ${words}.`;
  return whole
    .replaceAll(/\{@link (\w+)\}/g, '$1')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
