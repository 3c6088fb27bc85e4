import { Kind, print, type DefinitionNode, type DocumentNode, type FieldDefinitionNode, type InputValueDefinitionNode } from "graphql";

/**
 * What a contract promises and a schema does not keep: every type, field, argument, default, nullability, union member, enum value and
 * implemented interface of the contract, exactly. The schema may have more, except that a new argument or input field must be optional.
 */
export const missingFromFace = (contract: DocumentNode, schema: DocumentNode): string[] => {
  const actual = new Map(
    schema.definitions.flatMap((definition) => (nameOf(definition) === undefined ? [] : [[nameOf(definition), definition] as const])),
  );
  return contract.definitions.flatMap((promised) => {
    const name = nameOf(promised);
    if (name === undefined) return [];
    const kept = actual.get(name);
    if (!kept) return [`${name} is missing`];
    return kept.kind === promised.kind ? differences(name, promised, kept) : [`${name} is ${kept.kind}, not ${promised.kind}`];
  });
};

const nameOf = (definition: DefinitionNode): string | undefined => ("name" in definition ? definition.name?.value : undefined);

const differences = (type: string, promised: DefinitionNode, kept: DefinitionNode): string[] => {
  if ((promised.kind === Kind.OBJECT_TYPE_DEFINITION || promised.kind === Kind.INTERFACE_TYPE_DEFINITION) && "fields" in kept)
    return [
      ...fieldDifferences(type, promised.fields ?? [], (kept.fields ?? []) as readonly FieldDefinitionNode[]),
      ...absent(namesIn(promised.interfaces), "interfaces" in kept ? namesIn(kept.interfaces) : []).map(
        (name) => `${type} does not implement ${name}`,
      ),
    ];
  if (promised.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION && kept.kind === promised.kind)
    return inputDifferences(type, promised.fields ?? [], kept.fields ?? []);
  if (promised.kind === Kind.UNION_TYPE_DEFINITION && kept.kind === promised.kind)
    return absent(namesIn(promised.types), namesIn(kept.types)).map((name) => `${type} lacks the member ${name}`);
  if (promised.kind === Kind.ENUM_TYPE_DEFINITION && kept.kind === promised.kind)
    return absent(namesIn(promised.values), namesIn(kept.values)).map((name) => `${type} lacks the value ${name}`);
  return [];
};

const fieldDifferences = (type: string, promised: readonly FieldDefinitionNode[], kept: readonly FieldDefinitionNode[]): string[] =>
  promised.flatMap((field) => {
    const place = `${type}.${field.name.value}`;
    const actual = kept.find((each) => each.name.value === field.name.value);
    if (!actual) return [`${place} is missing`];
    const wrongType = print(actual.type) === print(field.type) ? [] : [`${place} is ${print(actual.type)}, not ${print(field.type)}`];
    return [...wrongType, ...inputDifferences(place, field.arguments ?? [], actual.arguments ?? [])];
  });

const inputDifferences = (
  place: string,
  promised: readonly InputValueDefinitionNode[],
  kept: readonly InputValueDefinitionNode[],
): string[] => [
  ...promised.flatMap((input) => {
    const actual = kept.find((each) => each.name.value === input.name.value);
    if (!actual) return [`${place}(${input.name.value}) is missing`];
    return words(actual) === words(input) ? [] : [`${place}(${input.name.value}) is ${words(actual)}, not ${words(input)}`];
  }),
  ...kept
    .filter(
      (input) =>
        input.type.kind === Kind.NON_NULL_TYPE && !input.defaultValue && !promised.some((each) => each.name.value === input.name.value),
    )
    .map((input) => `${place}(${input.name.value}) is demanded and was not promised`),
];

const words = ({ type, defaultValue }: InputValueDefinitionNode): string =>
  `${print(type)}${defaultValue ? ` = ${print(defaultValue)}` : ""}`;
const namesIn = (nodes: readonly { name: { value: string } }[] = []): string[] => nodes.map(({ name }) => name.value);
const absent = (wanted: readonly string[], there: readonly string[]): string[] => wanted.filter((name) => !there.includes(name));
