"""Each benchmark writes its own part of RESULTS.md."""

from benchmarks import sections


def test_a_section_is_written_where_it_stood_and_the_others_stay(tmp_path):
    file = tmp_path / "RESULTS.md"

    sections.keep("Growth", "flat", file)
    sections.keep("Start", "slow", file)
    sections.begin("a machine", file)
    sections.keep("Growth", "flat again\n", file)

    assert file.read_text() == "# Results\n\na machine\n\n## Growth\n\nflat again\n\n## Start\n\nslow\n"
