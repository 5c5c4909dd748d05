/** Whether a fact passes; `undefined` is a fact that is missing or can't be told. */
export type FactTest = (fact: unknown) => boolean;

/** Makes the test that compares facts with a value; what of the work depends on the value alone is done here, once. */
export type TestMaker = (value: unknown) => FactTest;

/** What compares with a value that an operator can't be asked about. */
export const never: FactTest = () => false;
