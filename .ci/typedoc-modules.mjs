import { relative, sep } from 'node:path';
import { Converter, ReflectionKind } from 'typedoc';
import { publishedModules } from './published-modules.mjs';

/** A plugin of typedoc: documents every published module, under the name by which users import it. */
export function load(app) {
  app.on('bootstrapEnd', () => {
    app.options.setValue(
      'entryPoints',
      publishedModules.map(({ source }) => source),
    );
  });

  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (context, reflection) => {
    if (!reflection.kindOf(ReflectionKind.Module)) return;
    const path = context.getSymbolFromReflection(reflection)?.declarations?.[0]?.getSourceFile().fileName;
    const source = path && relative(process.cwd(), path).replaceAll(sep, '/');
    const published = publishedModules.find((candidate) => candidate.source === source);
    if (published === undefined) throw new Error(`${source} is no published module`);
    reflection.name = published.specifier;
  });
}
