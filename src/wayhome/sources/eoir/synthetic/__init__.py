"""A SYNTHETIC release of the immigration courts' data, in the exact layout and with known faults.

Nobody in it exists: every row is drawn at random, with the frequencies and missing shares of
`../figures`, and every file name says SYNTHETIC.
"""

from wayhome.sources.eoir.synthetic.release import MAIN_TABLES, ReleaseExists, write_release

__all__ = ["MAIN_TABLES", "ReleaseExists", "write_release"]
