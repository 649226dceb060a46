"""People held per facility and day, from two publications, and ICE's list of facilities of 2017."""
