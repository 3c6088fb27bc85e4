// The front page's own script: status, copying, and a box that sends a query to this gateway. Nothing is stored.
const VISIT = `query Visit($id: ID!) {
  customer(id: $id) {
    displayName
    segment { name since }
    averageOrderValue { amount currency }
    recommendedItems(first: 5) {
      score because
      item { name price { amount currency } personalPrice(customerId: $id) { amount currency depth } }
    }
    offer { id depth expiresAt because item { name } price { amount currency } marginChecked }
  }
}`;
const EXAMPLES = {
  menu: "{\n  menu(first: 10) {\n    edges { node { name category price { amount currency } } }\n  }\n}",
  customers: "{\n  customers(first: 5) {\n    edges { node { id displayName segment { name } } }\n  }\n}",
  visit: VISIT,
  rules: "{\n  associationRules(first: 10) {\n    antecedent { name } consequent { name } support confidence lift\n  }\n}",
};
const at = (id) => document.getElementById(id);
const graph = `${location.origin}/graphql`;

const curl = (body) =>
  `curl -s ${graph} -H "content-type: application/json" -H "authorization: Bearer $TOKEN" \\\n  -d '${JSON.stringify(body)}'`;
at("find-command").textContent = curl({ query: "{ customers(first: 1) { edges { node { id displayName } } } }" });
at("visit-command").textContent = curl({ query: VISIT.replace(/\s+/g, " "), variables: { id: "PUT-THE-ID-HERE" } });
at("socket-address").textContent = graph.replace(/^http/, "ws");
at("query").value = EXAMPLES.menu;

const showStatus = async () => {
  const status = at("status");
  try {
    const response = await fetch("/health/ready");
    const { missing = [] } = await response.json();
    status.className = `status ${response.ok ? "ready" : "missing"}`;
    status.textContent = response.ok ? "Everything is ready" : `Not ready yet: ${missing.join(", ")}`;
  } catch {
    status.className = "status missing";
    status.textContent = "The gateway does not answer";
  }
};
void showStatus();
setInterval(showStatus, 5_000);

for (const button of document.querySelectorAll("[data-copy]"))
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(at(button.dataset.copy).textContent);
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = "Copy"), 1_500);
  });

for (const button of document.querySelectorAll("[data-example]"))
  button.addEventListener("click", () => {
    at("query").value = EXAMPLES[button.dataset.example];
    at("variables").value = button.dataset.example === "visit" ? `{ "id": "${lastCustomer ?? "run “Some customers” first"}" }` : "{}";
  });

let lastCustomer;
const ask = async () => {
  const answer = at("answer");
  let variables;
  try {
    variables = JSON.parse(at("variables").value || "{}");
  } catch {
    answer.textContent = 'The variables are no JSON: write for example { "id": "…" }';
    return;
  }
  const token = at("token").value.trim();
  const headers = {
    "content-type": "application/json",
    "accept-language": at("language").value,
    ...(token ? { authorization: `Bearer ${token}` } : {}),
  };
  answer.textContent = "…";
  try {
    const response = await fetch("/graphql", { method: "POST", headers, body: JSON.stringify({ query: at("query").value, variables }) });
    const text = await response.text();
    answer.textContent = JSON.stringify(JSON.parse(text), null, 2);
    lastCustomer = JSON.parse(text).data?.customers?.edges?.[0]?.node.id ?? lastCustomer;
  } catch (error) {
    answer.textContent = `The gateway did not answer: ${error.message}`;
  }
};
at("try").addEventListener("submit", (event) => {
  event.preventDefault();
  void ask();
});
at("query").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void ask();
});
