import { Kind, type DocumentNode } from "graphql";
import { Refusal } from "../errors/refusal.js";

/** Why no operation of a document can be executed: the name is of none of them, or is missing though there are several. */
export const unresolved = (document: DocumentNode, operationName: string | null | undefined): Refusal => {
  const names = document.definitions.flatMap((node) => (node.kind === Kind.OPERATION_DEFINITION && node.name ? [node.name.value] : []));
  const these = names.length > 0 ? `its operations are ${names.join(", ")}` : "its operation has no name: leave operationName out";
  return new Refusal(
    "OPERATION_RESOLUTION_FAILURE",
    400,
    operationName === null || operationName === undefined
      ? `The document holds several operations: say in operationName which of them is to be executed (${these})`
      : `The document holds no operation that is called "${operationName}": ${these}`,
  );
};
