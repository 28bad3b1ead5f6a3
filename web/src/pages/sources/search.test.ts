import { expect, test } from "vitest";
import { isFiltered, parametersOf, queryOf, searchOf } from "./search";

const PLAIN = searchOf(new URLSearchParams());

test("a text is a part of an id, or a cone if it is a position", () => {
  expect(parametersOf({ ...PLAIN, text: " ZTF21 " })).toMatchObject({ sourceID: "ZTF21" });
  const cone = parametersOf({ ...PLAIN, text: "13:30:01.2 +13:24:40", radius: "36" });
  expect(cone).toMatchObject({ radius: 0.01 });
  expect(cone["sourceID"]).toBeUndefined();
  expect(cone["ra"]).toBeCloseTo(202.505);
});

test("a search can be restored from the URL", () => {
  const search = {
    text: "ZTF",
    radius: "30",
    groups: [1, 2],
    classification: "Ia",
    minRedshift: "0.01",
    maxRedshift: "0.1",
    state: "failure",
    page: 3,
    cursor: "WyIyMDI2",
  };
  expect(searchOf(new URLSearchParams(queryOf(search)))).toEqual(search);
  expect(isFiltered(search)).toBe(true);
});

test("what is as it is by default is left out of the URL, and other filters lead to the first page", () => {
  expect(Object.values(queryOf(PLAIN)).every((text) => text === "")).toBe(true);
  expect(queryOf({ state: "failure" })).toEqual({ state: "failure", page: "", cursor: "" });
  expect(isFiltered(PLAIN)).toBe(false);
});

test("a page is asked for by its number, or by the cursor that led to it; the state of the newest analysis goes with it", () => {
  expect(parametersOf({ ...PLAIN, state: "timed_out", page: 2 })).toMatchObject({ newestAnalysis: "timed_out", pageNumber: 2 });
  const further = parametersOf({ ...PLAIN, cursor: "WyIyMDI2" });
  expect(further).toMatchObject({ cursor: "WyIyMDI2" });
  expect("pageNumber" in further).toBe(false);
});
