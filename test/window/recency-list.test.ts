import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addNewest,
  createRecencyList,
  type Linked,
  makeNewest,
  members,
  takeOut,
} from '../../src/window/recency-list.js';

interface Item extends Linked<Item> {
  readonly name: number;
}

describe('a list by recency', () => {
  test('has its members in the order in which they were used, whatever is put in, used and taken out', () => {
    const name = fc.integer({ min: 0, max: 6 });
    const step = fc.tuple(fc.constantFrom('use', 'use', 'takeOut'), name);
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100, size: 'max' }), (steps) => {
        const items: Item[] = Array.from({ length: 7 }, (_, each) => ({
          name: each,
          older: undefined,
          newer: undefined,
        }));
        const list = createRecencyList<Item>();
        let model: number[] = [];
        for (const [act, each] of steps) {
          const item = items[each] as Item;
          const isMember = model.includes(each);
          if (act === 'use') (isMember ? makeNewest : addNewest)(list, item);
          else if (isMember) takeOut(list, item);
          model = model.filter((other) => other !== each);
          if (act === 'use') model.push(each);
          expect([...members(list)].map((member) => member.name)).toEqual(model);
          expect([list.size, list.oldest?.name, list.newest?.name]).toEqual([model.length, model[0], model.at(-1)]);
        }
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  test('can lose the member that is being read', () => {
    const list = createRecencyList<Item>();
    for (let name = 0; name < 3; name += 1) addNewest(list, { name, older: undefined, newer: undefined });
    for (const member of members(list)) takeOut(list, member);
    expect(list).toEqual({ oldest: undefined, newest: undefined, size: 0 });
  });
});
