// Takes in the next rows without waiting for a press of the button. The page works without it.
document.getElementById("go-on").requestSubmit();
