#!/usr/bin/env python3
"""Plots of what `make bench` measured, as SVG for docs/figures.md. They have their own ground, light or dark as the reader's screen, so that they can
be read on any page.

    plot.py FOLDER        the folder with the results, target/bench

A run of fewer rounds than the benchmarks have by themselves is for trying: its plots stay in FOLDER.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path
from typing import Dict, List, Tuple
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 301
WIDTH, LEFT, BAR, GAP = 760, 190, 17, 14
STYLE = """
  svg { color-scheme: light dark; font: 13px system-ui, sans-serif; }
  .ground { fill: #fafbfe; stroke: #d9dce6; }
  text { fill: #1d2233; } .small { font-size: 11px; fill: #5a6178; } .title { font-size: 15px; font-weight: 600; }
  .s0 { fill: #3f51b5; } .s1 { fill: #9aa5b8; } .s2 { fill: #d39a4a; }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #1a1d24; stroke: #363b48; }
    text { fill: #e4e7f0; } .small { fill: #a3aabd; }
    .s0 { fill: #8c9eff; } .s1 { fill: #6b7690; } .s2 { fill: #c08a40; }
  }
"""
Group = Tuple[str, List[Tuple[str, float]]]


def results(file: Path) -> Tuple[Dict, Dict[Tuple[str, str], Tuple[float, float]]]:
    run, *lines = map(json.loads, file.read_text().splitlines())
    return run, {(line["what"], line["peer"]): (line["ours"], line["theirs"]) for line in lines}


def version(crate: str) -> str:
    found = re.search(rf'name = "{crate}"\nversion = "([^"]+)"', (ROOT / "benches/Cargo.lock").read_text())
    return f"{crate} {found[1] if found else '?'}"


def time(nanoseconds: float) -> str:
    return f"{nanoseconds / 1e6:.2f} ms" if nanoseconds >= 1e6 else f"{nanoseconds / 1e3:.0f} us"


def speed(gigabytes: float) -> str:
    return f"{gigabytes:.2f} GB/s"


def bars(title: str, note: str, groups: List[Group], unit) -> str:
    """Groups of bars, each with its name and value behind it; ours is the first of a group."""
    most = max(value for _, series in groups for _, value in series)
    room = WIDTH - LEFT - 210
    out, y = [], 64
    for label, series in groups:
        out.append(f'<text x="{LEFT - 12}" y="{y + BAR * len(series) / 2 + 4:.0f}" text-anchor="end">{escape(label)}</text>')
        for name, value in series:
            colour = 0 if name == "pqrtc" else 1 if "aws-lc" in name else 2
            length = max(value / most * room, 1)
            out.append(f'<rect class="s{colour}" x="{LEFT}" y="{y}" width="{length:.1f}" height="{BAR - 3}" rx="2"/>')
            out.append(f'<text class="small" x="{LEFT + length + 7:.1f}" y="{y + BAR - 6}">{escape(name)}, {unit(value)}</text>')
            y += BAR
        y += GAP
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y + 8}" width="{WIDTH}" height="{y + 8}" role="img" aria-label="{escape(title)}">'
    texts = f'<text class="title" x="20" y="28">{escape(title)}</text>\n<text class="small" x="20" y="46">{escape(note)}</text>'
    ground = f'<rect class="ground" x="0.5" y="0.5" width="{WIDTH - 1}" height="{y + 7}" rx="8"/>'
    return "\n".join([head, f"<style>{STYLE}</style>", ground, texts, *out, "</svg>", ""])


def group(found: Dict, label: str, what: str, peers: Dict[str, str]) -> Group:
    first = next(iter(peers))
    return label, [("pqrtc", found[what, first][0])] + [(name, found[what, peer][1]) for peer, name in peers.items()]


def main() -> int:
    folder = Path(sys.argv[1])
    rust = subprocess.run(["rustc", "--version"], capture_output=True, text=True).stdout.split()[1:2]
    (v100, exchange), (call, calls), (sframe, frames) = (results(folder / f"{name}.jsonl") for name in ("v100", "handshake", "sframe"))
    runs = (v100, call, sframe)
    if len({(run["cpu"], run["cores"], run["provider"]) for run in runs}) != 1:
        raise SystemExit("the results are of several machines or providers: run make bench")
    day = datetime.fromtimestamp(min(run["time"] for run in runs), timezone.utc).date()

    def note(*crates: str) -> str:
        rounds = min(run["rounds"] for run in runs)
        return f"{v100['cores']} cores of {v100['cpu']}, {day}, medians of {rounds} rounds; Rust {' '.join(rust)}, " + ", ".join(map(version, crates))

    bare = {"bare V100 crates": "V100 crates", "bare aws-lc-rs": "bare aws-lc-rs"}
    dsa = {"bare aws-lc-rs": "bare aws-lc-rs", "bare pqcrypto, portable": "pqcrypto-mldsa, portable"}
    sizes = (120, 1200, 16384, 100000)
    plots = {
        "handshake": bars(
            "Handshake, both sides together: processor time",
            note("aws-lc-rs", "pqcrypto-mlkem", "x25519-dalek"),
            [
                group(exchange, "bare, V100-HYBRID-KX-V1", "handshake, V100-HYBRID-KX-V1", bare),
                group(exchange, "bare, X-Wing", "handshake, X-Wing", {"bare V100 crates": "V100 crates"}),
                group(calls, "authenticated, suite 1", "handshake, both sides, suite 1", {"its bare operations": "its operations in aws-lc-rs"}),
                group(calls, "rekey, suite 1", "rekey, both sides, suite 1", {"its bare operations": "its operations in aws-lc-rs"}),
            ],
            time,
        ),
        "signatures": bars(
            "Signatures: processor time",
            note("aws-lc-rs", "pqcrypto-mldsa"),
            [group(exchange, f"ML-DSA-65 {what}", f"ML-DSA-65 {what}", dsa) for what in ("sign", "verify")]
            + [group(exchange, f"ML-DSA-87 {what}", f"ML-DSA-87 {what}", {"bare aws-lc-rs": "bare aws-lc-rs"}) for what in ("sign", "verify")],
            time,
        ),
        "frames": bars(
            "SFrame with AES-256-GCM: bytes a second on one core, by size of the frame",
            note("aws-lc-rs", "sframe", "ring"),
            [
                (f"{what}, {size:,} bytes", [(name, size / nanoseconds) for name, nanoseconds in series])
                for what, aws in (("seal", "aws-lc in place"), ("open", "aws-lc"))
                for size in sizes
                for _, series in [group(frames, "", f"{what} {size}", {aws: "bare aws-lc", "sframe (ring)": "crate sframe on ring"})]
            ],
            speed,
        ),
    }
    out = ROOT / "docs/figures" if all(run["rounds"] >= ROUNDS for run in runs) else folder
    out.mkdir(exist_ok=True)
    for name, svg in plots.items():
        (out / f"{name}.svg").write_text(svg)
        print(f"wrote {(out / name).relative_to(ROOT) if ROOT in out.parents else out / name}.svg")
    return 0


if __name__ == "__main__":
    sys.exit(main())
