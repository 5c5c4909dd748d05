import { type Bot, type FileState, formatId, type WorkspaceState } from './workspace-state.js';

const fileTypes: Readonly<Record<string, readonly [mimetype: string, filetype: string]>> = {
  csv: ['text/csv', 'csv'],
  gif: ['image/gif', 'gif'],
  jpeg: ['image/jpeg', 'jpg'],
  jpg: ['image/jpeg', 'jpg'],
  json: ['application/json', 'json'],
  pdf: ['application/pdf', 'pdf'],
  png: ['image/png', 'png'],
  svg: ['image/svg+xml', 'svg'],
  txt: ['text/plain', 'text'],
  webp: ['image/webp', 'webp'],
};

/** What Slack takes a file for by its name: the MIME type, and a type of its own. */
export const mimetypeOf = (name: string): readonly [mimetype: string, filetype: string] => {
  const extension = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  return fileTypes[extension] ?? ['application/octet-stream', 'binary'];
};

/** Makes a place for a file's bytes. */
export const createFile = (
  state: WorkspaceState,
  { name, size, bot }: { readonly name: string; readonly size: number; readonly bot: Bot },
): FileState => {
  const id = formatId('F', state.files.size + 1);
  const [mimetype, filetype] = mimetypeOf(name);
  const file: FileState = {
    id,
    name,
    title: name,
    mimetype,
    filetype,
    size,
    bot,
    createdAtMs: state.clock(),
    bytes: undefined,
    isComplete: false,
    shares: [],
    infoCalls: 0,
  };
  state.files.set(id, file);
  return file;
};

const uploadPath = '/upload/v1/';

/** Where a file's bytes are to be posted. */
export const uploadUrlOf = (state: WorkspaceState, file: FileState): string =>
  `${state.origin}${uploadPath}${file.id}-${state.team.id}`;

/** The file whose bytes are posted to a path; undefined where no upload is under way there. */
export const fileOfUpload = (state: WorkspaceState, path: string): FileState | undefined => {
  const [id = '', teamId] = path.slice(uploadPath.length).split('-');
  const file = state.files.get(id);
  return file === undefined || file.isComplete || teamId !== state.team.id ? undefined : file;
};
