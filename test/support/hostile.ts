/** Something that throws while it is read, and throws again when it is asked what it threw. */
function thrower(): never {
  throw {
    toString(): string {
      throw new Error('again');
    },
  };
}

/** A list in a list in a list …, made without recursion. */
export function nested(depth: number, wrap: (inner: unknown) => unknown, innermost: unknown = {}): unknown {
  let value = innermost;
  for (let level = 0; level < depth; level += 1) value = wrap(value);
  return value;
}

/** An object that holds itself. */
export function cycle(): object {
  const object: Record<string, unknown> = {};
  object['self'] = [object];
  return object;
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function trap(name: string, target: object = {}): object {
  return new Proxy(target, { [name]: thrower });
}

class Instance {
  readonly name = 'x';
}

/** Values that no JSON can say; none of them may hurt, wherever it stands. */
export const notJson: ReadonlyArray<readonly [name: string, value: unknown]> = [
  ['a function', () => ({})],
  ['a class', Instance],
  ['a BigInt', 1n],
  ['a symbol', Symbol('x')],
  ['a date', new Date(0)],
  ['a map', new Map([['a', 1]])],
  ['a set', new Set([1])],
  ['an instance', new Instance()],
  ['an error', new Error('x')],
  ['a regular expression', /x/],
  ['typed numbers', new Float64Array(3)],
  ['a promise', Promise.resolve()],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['a boxed text', new String('x')],
  ['undefined in a list', [undefined]],
  ['a list with holes', new Array(3)],
  ['a cycle', cycle()],
  ['a revoked proxy', revoked()],
  ['a proxy that throws when read', trap('get', { name: 1 })],
  ['a proxy that throws when listed', trap('ownKeys')],
  ['a proxy that throws when described', trap('getOwnPropertyDescriptor', { name: 1 })],
  ['a proxy that throws when asked its kind', trap('getPrototypeOf')],
  ['a list that throws when read', trap('get', [1])],
  ['a list of an impossible length', new Proxy([], { get: (_, key) => (key === 'length' ? -1 : undefined) })],
  ['a list of too many members', new Proxy([], { get: (_, key) => (key === 'length' ? 2 ** 32 - 1 : undefined) })],
  [
    'a getter that throws',
    {
      get name() {
        return thrower();
      },
    },
  ],
];

/** A plain object with a key that could reach a prototype, as JSON.parse makes it. */
export function withKey(key: string, value = '{"polluted":true}'): unknown {
  return JSON.parse(`{"${key}":${value}}`);
}

/** Keys that could reach a prototype. */
export const prototypeKeys = ['__proto__', 'constructor', 'prototype'] as const;

/** A list whose length is small when it is asked first, and huge ever after. */
export function growingList(): unknown[] {
  let asked = 0;
  return new Proxy([], {
    get(_, key) {
      if (key !== 'length') return 1;
      asked += 1;
      return asked === 1 ? 1 : 2 ** 32 - 1;
    },
  });
}
